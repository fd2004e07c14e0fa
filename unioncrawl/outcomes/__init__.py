"""Why did a page or a visit fail, what does that mean, and when is the address asked again?

A rejection keeps the `Reason`, a constant of this room; `outcome_of` says what it means: the
stages where it arises, what the page was, what caused it, and when the address is owed again.
"""

from unioncrawl.outcomes.lookup import FIRST_ERROR_STATUS as FIRST_ERROR_STATUS
from unioncrawl.outcomes.lookup import outcome_of as outcome_of
from unioncrawl.outcomes.lookup import outcomes as outcomes
from unioncrawl.outcomes.lookup import reason_of_status as reason_of_status
from unioncrawl.outcomes.outcome import Cause as Cause
from unioncrawl.outcomes.outcome import Outcome as Outcome
from unioncrawl.outcomes.outcome import Owed as Owed
from unioncrawl.outcomes.outcome import PageKind as PageKind
from unioncrawl.outcomes.outcome import Reason as Reason
from unioncrawl.outcomes.outcome import Stage as Stage
from unioncrawl.outcomes.reasons import *  # noqa: F403 - every reason is a name of the room
