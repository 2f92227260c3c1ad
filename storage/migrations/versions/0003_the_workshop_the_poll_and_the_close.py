"""Workshops, anonymous ratings, the close of a cycle, flags over time, digests that wait for a person."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
import storage.columns
from storage.migrations import marks

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

STATES_BEFORE = "state IN ('due', 'issued', 'skipped')"
STATES = "state IN ('due', 'held', 'issued', 'skipped', 'withdrawn')"
AUDIENCES = "audience IN ('leadership', 'portfolio', 'unit')"
NUDGES_BEFORE = "kind IN ('reminder', 'last_call', 'by_hand', 'escalation', 'rating')"
NUDGES = "kind IN ('reminder', 'last_call', 'by_hand', 'escalation', 'rating', 'workshop', 'flag', 'closing', "
NUDGES += "'digest', 'ownership')"
MODES_BEFORE = "mode IN ('post', 'live', 'home')"
MODES = "mode IN ('post', 'live', 'home', 'gone')"
VERDICTS = "verdict IN ('dismissed', 'confirmed')"
BY_HAND = "status IN ('on_track', 'at_risk', 'off_track')"
WITH_REASON = "status IS NULL OR status_reason <> ''"


def upgrade() -> None:
    op.create_table('cycle_close',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('next_cycle_id', sa.Integer(), nullable=True),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('started_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('started_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('closed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('closed_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('figures', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reminded_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('asked', sa.JSON(none_as_null=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'closed')", name=op.f('ck_cycle_close_state')),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycle.id'], name=op.f('fk_cycle_close_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['next_cycle_id'], ['cycle.id'], name=op.f('fk_cycle_close_next_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_cycle_close_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cycle_close')),
    sa.UniqueConstraint('team_id', 'cycle_id', name=op.f('uq_cycle_close_team_id_cycle_id'))
    )
    with op.batch_alter_table('cycle_close', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cycle_close_team_id'), ['team_id'], unique=False)

    op.create_table('workshop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('starts_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('ask_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('agenda_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('facilitator', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('turns', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('turn_ends_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('tick_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('moved_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('moved_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('begun_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('confirmed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('confirmed_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('closed_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('planned', 'drafting', 'presenting', 'adjusting', 'confirming', 'closed', 'cancelled')", name=op.f('ck_workshop_state')),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycle.id'], name=op.f('fk_workshop_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_workshop_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_workshop_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('team_id', 'unit_id', 'cycle_id', name=op.f('uq_workshop_team_id_unit_id_cycle_id'))
    )
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_team_id'), ['team_id'], unique=False)

    op.create_table('workshop_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('offered_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('declined_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('declined_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycle.id'], name=op.f('fk_workshop_offer_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_workshop_offer_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_workshop_offer_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_offer')),
    sa.UniqueConstraint('team_id', 'unit_id', 'cycle_id', name=op.f('uq_workshop_offer_team_id_unit_id_cycle_id'))
    )
    with op.batch_alter_table('workshop_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_offer_team_id'), ['team_id'], unique=False)

    op.create_table('digest_feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('digest_id', sa.Integer(), nullable=False),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('useful', sa.Boolean(), nullable=False),
    sa.Column('comment', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['digest_id'], ['digest_issue.id'], name=op.f('fk_digest_feedback_digest_id_digest_issue')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_digest_feedback_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_feedback')),
    sa.UniqueConstraint('digest_id', 'slack_user', name=op.f('uq_digest_feedback_digest_id_slack_user'))
    )
    with op.batch_alter_table('digest_feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_feedback_team_id'), ['team_id'], unique=False)

    op.create_table('rating_ballot',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('comment', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_rating_ballot_score')),
    sa.ForeignKeyConstraint(['poll_id'], ['rating_poll.id'], name=op.f('fk_rating_ballot_poll_id_rating_poll')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_rating_ballot_team_id_workspace')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_rating_ballot')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('rating_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_ballot_poll_id'), ['poll_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_ballot_team_id'), ['team_id'], unique=False)

    op.create_table('workshop_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('other_unit_id', sa.Integer(), nullable=True),
    sa.Column('objective_id', sa.Integer(), nullable=True),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('source_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('retracted_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('blocker_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('dependency', 'conflict', 'opportunity', 'decision')", name=op.f('ck_workshop_item_kind')),
    sa.CheckConstraint("provider IN ('', 'draft', 'other')", name=op.f('ck_workshop_item_provider')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'adjusted', 'declined')", name=op.f('ck_workshop_item_state')),
    sa.ForeignKeyConstraint(['blocker_id'], ['blocker.id'], name=op.f('fk_workshop_item_blocker_id_blocker')),
    sa.ForeignKeyConstraint(['objective_id'], ['objective.id'], name=op.f('fk_workshop_item_objective_id_objective')),
    sa.ForeignKeyConstraint(['other_unit_id'], ['unit.id'], name=op.f('fk_workshop_item_other_unit_id_unit')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_workshop_item_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_workshop_item_unit_id_unit')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_item_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_item')),
    sa.UniqueConstraint('team_id', 'source_key', name=op.f('uq_workshop_item_team_id_source_key'))
    )
    with op.batch_alter_table('workshop_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_item_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_workshop_item_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('flag_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('event', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('numbers', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('local_date', sa.Date(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.CheckConstraint("event IN ('opened', 'worsened', 'recovered')", name=op.f('ck_flag_event_event')),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_flag_event_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_flag_event_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag_event')),
    sa.UniqueConstraint('team_id', 'key_result_id', 'reason', 'local_date', 'event', name=op.f('uq_flag_event_team_id_key_result_id_reason_local_date_event'))
    )
    with op.batch_alter_table('flag_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_event_key_result_id'), ['key_result_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_event_team_id'), ['team_id'], unique=False)

    op.create_table('flag_look',
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('looked_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('next_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_flag_look_team_id_workspace')),
    sa.PrimaryKeyConstraint('team_id', name=op.f('pk_flag_look'))
    )
    op.create_table('flag_thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value', storage.columns.Amount(length=40), nullable=True),
    sa.Column('next_step', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('why', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'agreed', 'ended')", name=op.f('ck_flag_thread_state')),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_flag_thread_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_flag_thread_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag_thread')),
    sa.UniqueConstraint('team_id', 'key', name=op.f('uq_flag_thread_team_id_key'))
    )
    with op.batch_alter_table('flag_thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_thread_key_result_id'), ['key_result_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_thread_team_id'), ['team_id'], unique=False)

    op.create_table('grade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('suggested', storage.columns.Amount(length=40), nullable=True),
    sa.Column('score', storage.columns.Amount(length=40), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('outcome', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('target', storage.columns.Amount(length=40), nullable=True),
    sa.Column('carried_to', sa.Integer(), nullable=True),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.CheckConstraint("outcome IN ('closed', 'carried', 'dropped')", name=op.f('ck_grade_outcome')),
    sa.ForeignKeyConstraint(['carried_to'], ['key_result.id'], name=op.f('fk_grade_carried_to_key_result')),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycle.id'], name=op.f('fk_grade_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_grade_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_grade_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade')),
    sa.UniqueConstraint('team_id', 'key_result_id', name=op.f('uq_grade_team_id_key_result_id'))
    )
    with op.batch_alter_table('grade', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grade_cycle_id'), ['cycle_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_grade_team_id'), ['team_id'], unique=False)

    op.create_table('ownership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('other_unit_id', sa.Integer(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.Column('reminded_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'declined', 'countered', 'withdrawn')", name=op.f('ck_ownership_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_ownership_answered_by_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_ownership_asked_by_person')),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_ownership_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['other_unit_id'], ['unit.id'], name=op.f('fk_ownership_other_unit_id_unit')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_ownership_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_ownership_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ownership')),
    sa.UniqueConstraint('key_result_id', 'unit_id', name=op.f('uq_ownership_key_result_id_unit_id'))
    )
    with op.batch_alter_table('ownership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ownership_key_result_id'), ['key_result_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ownership_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ownership_unit_id'), ['unit_id'], unique=False)

    op.create_table('support',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('objective_id', sa.Integer(), nullable=True),
    sa.Column('by_key_result_id', sa.Integer(), nullable=True),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_key_result_id'], ['key_result.id'], name=op.f('fk_support_by_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_support_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['objective_id'], ['objective.id'], name=op.f('fk_support_objective_id_objective')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_support_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_support_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support')),
    sa.UniqueConstraint('key_result_id', 'unit_id', name=op.f('uq_support_key_result_id_unit_id'))
    )
    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_key_result_id'), ['key_result_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_support_team_id'), ['team_id'], unique=False)

    op.create_table('flag_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('value', storage.columns.Amount(length=40), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('next_step', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('source_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_flag_view_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_flag_view_team_id_workspace')),
    sa.ForeignKeyConstraint(['thread_id'], ['flag_thread.id'], name=op.f('fk_flag_view_thread_id_flag_thread')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_flag_view_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag_view')),
    sa.UniqueConstraint('team_id', 'source_key', name=op.f('uq_flag_view_team_id_source_key'))
    )
    with op.batch_alter_table('flag_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_view_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_view_thread_id'), ['thread_id'], unique=False)

    with op.batch_alter_table('digest_issue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audience', sqlmodel.sql.sqltypes.AutoString(), server_default='leadership', nullable=False))
        batch_op.add_column(sa.Column('notice', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('edits', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('decided_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('next_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_digest_issue_team_id_unit_id_local_date'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_digest_issue_team_id_unit_id_local_date_audience'), ['team_id', 'unit_id', 'local_date', 'audience'])
        batch_op.drop_constraint(batch_op.f('ck_digest_issue_state'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_digest_issue_state'), STATES)
        batch_op.create_check_constraint(batch_op.f('ck_digest_issue_audience'), AUDIENCES)
        batch_op.create_index('ix_digest_issue_state', ['team_id', 'state'], unique=False)
        batch_op.create_index('ix_digest_issue_next', ['team_id', 'next_at'], unique=False)
    # a line's own digest is for the unit: else one of today is given again, and the next is compared with nothing
    op.execute("UPDATE digest_issue SET audience = 'unit' WHERE unit_id IN "
               "(SELECT id FROM unit WHERE level IN ('product_line', 'team'))")

    with op.batch_alter_table('dismissal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verdict', sqlmodel.sql.sqltypes.AutoString(), server_default='dismissed', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_dismissal_verdict'), VERDICTS)

    with op.batch_alter_table('key_result', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carried_from', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_key_result_carried_from_key_result'), 'key_result', ['carried_from'], ['id'])

    with op.batch_alter_table('key_result_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('status_reason', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_key_result_update_status'), BY_HAND)
        batch_op.create_check_constraint(batch_op.f('ck_key_result_update_status_reason'), WITH_REASON)

    with op.batch_alter_table('nudge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_nudge_kind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_nudge_kind'), NUDGES)

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_outbox_mode'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_outbox_mode'), MODES)

    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carried_from', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_objective_carried_from_objective'), 'objective', ['carried_from'], ['id'])

    with op.batch_alter_table('rating_invite', schema=None) as batch_op:
        batch_op.add_column(sa.Column('voted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('lines', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('remind_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', storage.columns.Instant(timezone=True), nullable=True))

    with op.batch_alter_table('rating_poll', schema=None) as batch_op:
        batch_op.add_column(sa.Column('anonymous', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('opened_by', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audiences', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))

    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.add_column(sa.Column('approve_digests', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('anonymous_ratings', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('portfolio_mark',
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('part', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('xid', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("part IN ('head', 'ground', 'plan', 'history')", name=op.f('ck_portfolio_mark_part')),
    sa.PrimaryKeyConstraint('team_id', 'part', 'row_id', name=op.f('pk_portfolio_mark'))
    )
    with op.batch_alter_table('portfolio_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_portfolio_mark_team_id'), ['team_id', 'revision'], unique=False)
    marks.create(op.get_bind())


def downgrade() -> None:
    marks.drop(op.get_bind())
    op.drop_table('portfolio_mark')
    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.drop_column('anonymous_ratings')
        batch_op.drop_column('approve_digests')

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_column('closed_on')
        batch_op.drop_column('audiences')

    with op.batch_alter_table('rating_poll', schema=None) as batch_op:
        batch_op.drop_column('opened_by')
        batch_op.drop_column('anonymous')

    with op.batch_alter_table('rating_invite', schema=None) as batch_op:
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('remind_at')
        batch_op.drop_column('lines')
        batch_op.drop_column('voted')

    with op.batch_alter_table('nudge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_nudge_kind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_nudge_kind'), NUDGES_BEFORE)

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_outbox_mode'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_outbox_mode'), MODES_BEFORE)

    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_objective_carried_from_objective'), type_='foreignkey')
        batch_op.drop_column('carried_from')

    with op.batch_alter_table('key_result_update', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_key_result_update_status_reason'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_key_result_update_status'), type_='check')
        batch_op.drop_column('status_reason')
        batch_op.drop_column('status')

    with op.batch_alter_table('key_result', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_key_result_carried_from_key_result'), type_='foreignkey')
        batch_op.drop_column('carried_from')

    with op.batch_alter_table('dismissal', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_dismissal_verdict'), type_='check')
        batch_op.drop_column('verdict')

    with op.batch_alter_table('digest_issue', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_issue_next')
        batch_op.drop_index('ix_digest_issue_state')
        batch_op.drop_constraint(batch_op.f('ck_digest_issue_audience'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_digest_issue_state'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_digest_issue_state'), STATES_BEFORE)
        batch_op.drop_constraint(batch_op.f('uq_digest_issue_team_id_unit_id_local_date_audience'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_digest_issue_team_id_unit_id_local_date'), ['team_id', 'unit_id', 'local_date'])
        batch_op.drop_column('next_at')
        batch_op.drop_column('decided_at')
        batch_op.drop_column('decided_by')
        batch_op.drop_column('edits')
        batch_op.drop_column('notice')
        batch_op.drop_column('audience')

    with op.batch_alter_table('flag_view', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flag_view_thread_id'))
        batch_op.drop_index(batch_op.f('ix_flag_view_team_id'))

    op.drop_table('flag_view')
    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_support_team_id'))
        batch_op.drop_index(batch_op.f('ix_support_key_result_id'))

    op.drop_table('support')
    with op.batch_alter_table('ownership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ownership_unit_id'))
        batch_op.drop_index(batch_op.f('ix_ownership_team_id'))
        batch_op.drop_index(batch_op.f('ix_ownership_key_result_id'))

    op.drop_table('ownership')
    with op.batch_alter_table('grade', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grade_team_id'))
        batch_op.drop_index(batch_op.f('ix_grade_cycle_id'))

    op.drop_table('grade')
    with op.batch_alter_table('flag_thread', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flag_thread_team_id'))
        batch_op.drop_index(batch_op.f('ix_flag_thread_key_result_id'))

    op.drop_table('flag_thread')
    op.drop_table('flag_look')
    with op.batch_alter_table('flag_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flag_event_team_id'))
        batch_op.drop_index(batch_op.f('ix_flag_event_key_result_id'))

    op.drop_table('flag_event')
    with op.batch_alter_table('workshop_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_item_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_workshop_item_team_id'))

    op.drop_table('workshop_item')
    with op.batch_alter_table('rating_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rating_ballot_team_id'))
        batch_op.drop_index(batch_op.f('ix_rating_ballot_poll_id'))

    op.drop_table('rating_ballot')
    with op.batch_alter_table('digest_feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_digest_feedback_team_id'))

    op.drop_table('digest_feedback')
    with op.batch_alter_table('workshop_offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_offer_team_id'))

    op.drop_table('workshop_offer')
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_team_id'))

    op.drop_table('workshop')
    with op.batch_alter_table('cycle_close', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cycle_close_team_id'))

    op.drop_table('cycle_close')
