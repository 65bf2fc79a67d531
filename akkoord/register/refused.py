"""The one way in which a change of the register is refused."""


class RegisterRefused(Exception):
    """A change of the register that cannot be; `field` names where, the text says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
