"""What cannot be done with a request, in a sentence for whoever asked it."""

from akkoord.rights.models import RightsRequest

OPEN_STATES = (RightsRequest.State.OPEN, RightsRequest.State.WAITING_IDENTITY)


class RequestRefused(Exception):
    """Something that cannot be done with a request; `sentence` says why, `field` where."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
