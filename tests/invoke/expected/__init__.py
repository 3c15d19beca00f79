"""What every event must come to, one module for each area of functions."""

from . import (  # noqa: F401
    account_settings, admin, bookings, bulk_calls, calls, carriers, contacts, crm, direct, dispatch, integration, ivr,
    service, voice,
)
