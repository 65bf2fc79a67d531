"""What cannot be, with where it was typed."""


class CheckUpRefused(Exception):
    """What cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence
