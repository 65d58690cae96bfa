"""What Twilio has refused in the variables of messages, remembered for as long as the program runs: such a
message is said in another way when it is tried again."""

from collections import OrderedDict

from bot.channels import Failure, SendError
from bot.channels import whatsapp_errors as errors
from bot.telemetry import logs

log = logs.logger(__name__)
REWORDED = 10_000  # messages of which we know that Twilio does not take their variables


class Untaken:
    """`one_line` is true once Twilio has refused several lines in a variable."""

    def __init__(self) -> None:
        self.one_line = False
        self._reworded: OrderedDict[str, None] = OrderedDict()

    def learn(self, refused: SendError, reference: str, *, lines: bool) -> SendError:
        """Notes why a message of these variables (one with several `lines`, or none) was refused; ANEW where
        it may be taken in another form, else what it was refused with."""
        if not errors.are_variables_refused(refused):
            return refused
        if lines and errors.is_a_value_refused(refused):
            self.one_line = True
            log.warning("lines_not_taken", message=reference)
        else:
            log.warning("variables_not_taken", message=reference)
            self._reworded[reference] = None
            if len(self._reworded) > REWORDED:
                self._reworded.popitem(last=False)
        return SendError(Failure.ANEW, refused.detail)

    def is_reworded(self, reference: str) -> bool:
        """Whether this message is to be said without variables."""
        return reference in self._reworded
