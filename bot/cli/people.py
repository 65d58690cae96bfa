"""`import-opd`, `import-roster` and `grant`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import common
from bot.cli.common import Stop
from bot.reports import tables, workbooks
from bot.texts import rendering
from handlers import menu
from models.membership import roster
from models.people import people, roles
from models.refused import Refused

File = Annotated[Path, typer.Argument(help="A CSV or XLSX file", exists=True, dir_okay=False, readable=True)]


def register(app: typer.Typer) -> None:
    app.command("import-opd")(import_opd)
    app.command("import-roster")(import_roster)
    app.command("grant")(grant)


def _read(file: Path) -> tables.Table:
    table = tables.read_table(file, file.name)
    if table.problems:
        said = "\n".join(rendering.label(problem.key, problem.params) for problem in table.problems)
        raise Stop(f"{file} cannot be used:\n{said}")
    return table


def import_opd(file: File) -> None:
    """Adds and renames OPD from a file with the columns kode, nama. Repeating it changes nothing."""
    loaded = common.settings()
    table = _read(file)
    with common.session(loaded) as session:
        rows = [(row.line, row.cells.get("kode", ""), row.cells.get("nama", "")) for row in table.rows]
        changes, rejected = roster.plan_agencies(session, rows)
        roster.apply_agencies(session, changes, common.clock.now())
    typer.echo(f"{len(changes)} OPD new or renamed, {len(rejected)} lines rejected.")
    for line in rejected:
        typer.echo(f"  line {line.line}: {rendering.label(line.why, line.params)}")


def import_roster(
    file: File,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before changing")] = False,
) -> None:
    """Makes the roster what a file says: nip, nama, kode_opd, hp, jabatan.

    Shows what is new, moved, left and rejected first. Rejected lines are written beside the file.
    """
    loaded = common.settings()
    table = _read(file)
    with common.session(loaded) as session:
        try:
            plan = roster.plan(session, roster.entries((row.line, row.cells) for row in table.rows))
        except Refused as refused:
            raise Stop(rendering.label(refused.key, refused.params)) from refused
        _show(plan)
        if plan.rejected:
            _write_rejects(file, table, plan)
        if dry_run or plan.empty:
            typer.echo("Nothing was changed." if dry_run else "The roster is what the file says already.")
            return
        if not yes and not typer.confirm("Apply this?"):
            raise Stop("Nothing was changed.", 1)
        if plan.drastic and not (yes or typer.confirm(f"Really deactivate {len(plan.left)} people?")):
            raise Stop("Nothing was changed.", 1)
        roster.apply(session, plan, common.clock.now())
    typer.echo("Applied.")


def _show(plan: roster.Plan) -> None:
    numbers = {
        "new": len(plan.new),
        "moved to another OPD": len(plan.moved),
        "changed": len(plan.changed),
        "back again": len(plan.returned),
        "left (deactivated)": len(plan.left),
        "unchanged": plan.same,
        "rejected": len(plan.rejected),
    }
    for what, number in numbers.items():
        typer.echo(f"{number:>8,}  {what}".replace(",", "."))


def _write_rejects(file: Path, table: tables.Table, plan: roster.Plan) -> None:
    reasons = {line.line: rendering.label(line.why, line.params) for line in plan.rejected}
    rejected = [(row, reasons[row.line]) for row in table.rows if row.line in reasons]
    target = file.with_name(f"{file.stem}-rejected.xlsx")
    target.write_bytes(workbooks.write_rejects(rejected, table.columns))
    typer.echo(f"The rejected lines with their reasons: {target}")


def grant(
    nip: Annotated[str, typer.Argument(help="The NIP of somebody of the roster")],
    role: Annotated[str, typer.Argument(help=f"One of: {', '.join(roles.ROLES)}")],
    opd: Annotated[str, typer.Option(help="The OPD's code, for creator, editor, planner")] = "",
) -> None:
    """Gives a role to somebody of the roster."""
    loaded = common.settings()
    if role not in roles.ROLES:
        raise Stop(f"there is no role {role!r}; there are: {', '.join(roles.ROLES)}")
    with common.session(loaded) as session:
        try:
            person = people.with_nip(session, people.nip(nip))
        except Refused as refused:
            raise Stop(rendering.label(refused.key, refused.params)) from refused
        if person is None:
            raise Stop("nobody of the roster has this NIP; import the roster first")
        agency = people.opd(session, opd) if opd else None
        if opd and agency is None:
            raise Stop(f"no OPD has the code {opd!r}; import it with: python -m bot import-opd FILE")
        given = roles.grant(session, person, role, agency.id if agency else None, common.clock.now(), by=None)
        account = people.reachable(session, person.id)
        if given and account is not None:
            menu.publish(session, common.clock.now(), account, f"grant:{role}")
        where = (agency or person.opd).name if role in roles.OF_AN_OPD else loaded.programme.province
        typer.echo(f"{person.name}: {role}, {where}" + ("" if given else " (had it before)"))
