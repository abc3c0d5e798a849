"""What both DAG files share: the deployment they wire, and how a stage's outcome is told to Airflow.

A refusal or a failed validation is final until a person acts, so it is not retried; surroundings that are down are. An unexpected error is
told by its type and place only: its text might quote a value, and task logs are a store too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from airflow.sdk import Asset, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from governance.config import Deployment, home, load_deployment
from governance.errors import LetheError, SurroundingsError, untold

EVIDENCE = Asset("lethe_evidence", uri="lethe://evidence")


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
    except SurroundingsError as error:
        raise AirflowException(f"{type(error).__name__}: {error}") from None
    except LetheError as error:
        raise AirflowFailException(f"{type(error).__name__}: {error}") from None
    except Exception as error:
        raise AirflowFailException(untold(error)) from None
