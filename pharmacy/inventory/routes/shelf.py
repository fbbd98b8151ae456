"""Pages of the shelf: by product, by lot, one lot, one product, and what is low or expires soon."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.queries import get_product
from pharmacy.inventory import queries
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, now, session

# How many ways in which a lot came in its page shows.
_RECENT = 10


@blueprint.get("/stock")
@requires(Permission.READ_FORMULARY)
def list_stock() -> str:
    """List the products of the site with what is on hand."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    found = queries.list_product_lines(session(), site_id=actor().site_id, at=now(), page=page, search=search)
    return render_template(
        "inventory/list_stock.html",
        lines=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/lots")
@requires(Permission.READ_FORMULARY)
def list_lots() -> str:
    """List the lots of the site, the soonest expiry first."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    status = next((one for one in LotStatus if one.value == request.args.get("status")), None)
    found = queries.list_lots(session(), site_id=actor().site_id, page=page, status=status, search=search)
    lines = found[: queries.PAGE]
    return render_template(
        "inventory/list_lots.html",
        lines=lines,
        standings=queries.list_standings(session(), [line.lot.id for line in lines]),
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        status=status,
        statuses=list(LotStatus),
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/lots/<int:lot_id>")
@requires(Permission.READ_FORMULARY)
def show_lot(lot_id: int) -> str:
    """Show a lot with what is on hand, where it stands, how it came in and every movement."""
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    page = page_number(request.args.get("page"))
    found = queries.list_movements(session(), lot.id, page=page)
    return render_template(
        "inventory/show_lot.html",
        lot=lot,
        balance=queries.get_balances(session(), [lot.id])[lot.id],
        standings=queries.list_standings(session(), [lot.id]),
        entries=queries.list_entries_of_lot(session(), lot.id, size=_RECENT),
        counts=queries.list_open_counts(session(), site_id=lot.site_id, lot_id=lot.id),
        opened=queries.list_all_open(session(), site_id=lot.site_id, lot_id=lot.id, size=_RECENT)[:_RECENT],
        movements=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        is_used=queries.is_used(session(), lot.id),
        history=list_history(session(), lot.__tablename__, lot.id),
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/products/<int:product_id>")
@requires(Permission.READ_FORMULARY)
def show_product(product_id: int) -> str:
    """Show what is on hand of a product, and which lot is taken next and why."""
    product = get_product(session(), product_id, site_id=actor().site_id)
    site = actor().site
    return render_template(
        "inventory/show_product.html",
        line=queries.get_product_line(session(), product, site_id=site.id, at=now()),
        turns=queries.list_turns(
            session(), product, site_id=site.id, at=now(), zone=ZoneInfo(site.time_zone)
        ),
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/low")
@requires(Permission.READ_FORMULARY)
def list_low() -> str:
    """List what is below its reorder level, and what expires soon."""
    policy = queries.find_policy(session(), site_id=actor().site_id)
    until = now() + timedelta(days=policy.short_dated_days) if policy else queries.soon(now())
    page = page_number(request.args.get("page"))
    found = queries.list_expiring(session(), site_id=actor().site_id, until=until, page=page)
    return render_template(
        "inventory/list_low.html",
        low=queries.list_low_products(session(), site_id=actor().site_id, at=now()),
        expiring=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        until=until,
        at=now(),
        soon=queries.soon(now()),
    )
