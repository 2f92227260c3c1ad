"""Where updates came from: the messages in which they were said. Queries only."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Answer, KeyResultUpdate


def permalinks(session: Session, team_id: str, update_ids: Sequence[int]) -> dict[int, str]:
    """The address of the message in which each of some updates was given, by update id; those that have one."""
    query = (
        select(KeyResultUpdate.id, Answer.permalink)
        .join(Answer, col(Answer.id) == KeyResultUpdate.answer_id)
        .where(KeyResultUpdate.team_id == team_id, col(KeyResultUpdate.id).in_(update_ids))
        .where(col(Answer.permalink).is_not(None))
    )
    return {update_id: link for update_id, link in session.exec(query) if update_id and link}
