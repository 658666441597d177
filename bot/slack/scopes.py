"""The one collection that somebody narrowed their private questions to, with `/videos scope`."""

from retrieval.catalogue.database import Database


class Scopes:
    """The scopes of all.

    Args:
        database: as `bot.slack.state.opened` returns it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: str) -> str | None:
        """Return the collection that somebody narrowed their questions to, None for all."""
        rows = self._database.rows("SELECT collection FROM scopes WHERE person = ?", (person,))
        return str(rows[0]["collection"]) if rows else None

    def narrow(self, person: str, collection: str | None) -> None:
        """Narrow somebody's questions to a collection, to all again where None."""
        with self._database.writing() as db:
            db.execute("DELETE FROM scopes WHERE person = ?", (person,))
            if collection is not None:
                db.execute("INSERT INTO scopes VALUES (?, ?)", (person, collection))
