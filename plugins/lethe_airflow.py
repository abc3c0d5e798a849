"""What both DAG files share: the deployment they wire, and how a stage's outcome is told to Airflow.

A refusal or a failed validation is final until a person acts, so it is not retried; surroundings that are down are, and a database that
another run holds, which ends by itself. A stage that was halted
(a pause, the end of the hours for changes) is *up for reschedule*: its label says why, it holds no worker, and it goes on when it may. Not
beyond the next night, whose plan takes up what is left: a run that stayed open would keep that of every dataset from beginning. An
unexpected error is told by its type and place only: its text might quote a value, and task logs are a store too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from airflow.sdk import Asset, Context, get_current_context
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowRescheduleException

from governance.config import Deployment, home, load_deployment
from governance.errors import EnforcementHalted, EnforcementPaused, LetheError, RunInProgress, SurroundingsError, untold

EVIDENCE = Asset("lethe_evidence", uri="lethe://evidence")
LONGEST = timedelta(hours=23)  # of a run that waits, from its reference time; the next begins after 24
LOOK_AGAIN = timedelta(minutes=1)  # at a pause
_log = logging.getLogger(__name__)


def deployment() -> Deployment:
    """The deployment in $LETHE_HOME."""
    return load_deployment(home())


def run_name(context: Context) -> str:
    """Our own name for this run. Airflow's run id may be typed by a person, so it is not passed on."""
    return f"{context['dag'].dag_id}-{reference_time(context):%Y%m%dT%H%M%S.%fZ}"


def reference_time(context: Context) -> datetime:
    """`as_of` of the whole run, the same at every retry: when the run was to start, and never the future."""
    return min(context["dag_run"].run_after, datetime.now(UTC)).astimezone(UTC)


@contextmanager
def stage() -> Iterator[None]:
    """Translate what a stage raises. See the module."""
    try:
        yield
    except EnforcementHalted as halt:
        raise _later(halt, get_current_context()) from None
    except (SurroundingsError, RunInProgress) as error:
        raise AirflowException(f"{type(error).__name__}: {error}") from None
    except LetheError as error:
        raise AirflowFailException(f"{type(error).__name__}: {error}") from None
    except Exception as error:
        raise AirflowFailException(untold(error)) from None


def _later(halt: EnforcementHalted, context: Context) -> AirflowException:
    """What tells Airflow to go on later, or, where that would be too late for this run, that it failed."""
    now, last = datetime.now(UTC), reference_time(context) + LONGEST
    again = halt.again or now + LOOK_AGAIN
    if again >= last:
        return AirflowFailException(f"{type(halt).__name__}: {halt}; the next run plans it anew")
    _log.warning("%s: %s", type(halt).__name__, halt)
    why = "paused" if isinstance(halt, EnforcementPaused) else f"waits until {again:%H:%M} UTC"
    context["dataset_name"] = f"{context['dataset_name']} ({why})"  # type: ignore[typeddict-unknown-key]
    return AirflowRescheduleException(again)
