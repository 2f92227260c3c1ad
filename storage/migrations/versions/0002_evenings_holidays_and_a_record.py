"""Quiet hours, absence, holidays, private units; what was nudged, changed and shown as evidence."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
import storage.columns

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BEFORE = "state IN ('upcoming', 'asked', 'answered', 'late', 'missed')"
STATES = "state IN ('upcoming', 'asked', 'answered', 'late', 'missed', 'skipped')"

KINDS = "kind IN ('', 'dependency', 'decision', 'resource', 'technical', 'external', 'scope', 'people')"


def upgrade() -> None:
    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('source_key', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.CheckConstraint("action IN ('add', 'edit', 'remove')", name=op.f('ck_change_action')),
    sa.CheckConstraint("what IN ('workspace', 'person', 'unit', 'cycle', 'objective', 'key_result')", name=op.f('ck_change_what')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_change_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change')),
    sa.UniqueConstraint('team_id', 'source_key', name=op.f('uq_change_team_id_source_key'))
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_team_id'), ['team_id'], unique=False)

    op.create_table('alignment_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('local_date', sa.Date(), nullable=False),
    sa.Column('figures', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['cycle.id'], name=op.f('fk_alignment_record_cycle_id_cycle')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_alignment_record_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_alignment_record_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alignment_record')),
    sa.UniqueConstraint('team_id', 'unit_id', 'cycle_id', 'local_date', name=op.f('uq_alignment_record_team_id_unit_id_cycle_id_local_date'))
    )
    with op.batch_alter_table('alignment_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alignment_record_team_id'), ['team_id'], unique=False)

    op.create_table('handshake',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('blocker_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'countered', 'declined', 'disputed')", name=op.f('ck_handshake_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_handshake_answered_by_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_handshake_asked_by_person')),
    sa.ForeignKeyConstraint(['blocker_id'], ['blocker.id'], name=op.f('fk_handshake_blocker_id_blocker')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_handshake_team_id_workspace')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_handshake_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handshake')),
    sa.UniqueConstraint('blocker_id', 'unit_id', name=op.f('uq_handshake_blocker_id_unit_id'))
    )
    with op.batch_alter_table('handshake', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handshake_blocker_id'), ['blocker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handshake_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handshake_unit_id'), ['unit_id'], unique=False)

    op.create_table('dismissal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('finding', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('slack_user', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_dismissal_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dismissal')),
    sa.UniqueConstraint('team_id', 'finding', name=op.f('uq_dismissal_team_id_finding'))
    )
    with op.batch_alter_table('dismissal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dismissal_team_id'), ['team_id'], unique=False)

    op.create_table('nudge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('dropped', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('ask_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('reminder', 'last_call', 'by_hand', 'escalation', 'rating')", name=op.f('ck_nudge_kind')),
    sa.CheckConstraint("dropped IN ('', 'limit', 'quiet', 'away', 'updated', 'snoozed', 'recent', 'overtaken', 'unknown')", name=op.f('ck_nudge_dropped')),
    sa.ForeignKeyConstraint(['ask_id'], ['checkin_ask.id'], name=op.f('fk_nudge_ask_id_checkin_ask')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_nudge_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_nudge_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nudge')),
    sa.UniqueConstraint('team_id', 'key', name=op.f('uq_nudge_team_id_key'))
    )
    with op.batch_alter_table('nudge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nudge_ask_id'), ['ask_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nudge_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nudge_team_id'), ['team_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_result_id', sa.Integer(), nullable=False),
    sa.Column('permalink', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('excerpt', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('author', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('said_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('added_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('added_at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('retracted_at', storage.columns.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['key_result_id'], ['key_result.id'], name=op.f('fk_evidence_key_result_id_key_result')),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_evidence_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('team_id', 'key_result_id', 'permalink', name=op.f('uq_evidence_team_id_key_result_id_permalink'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_key_result_id'), ['key_result_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_team_id'), ['team_id'], unique=False)

    with op.batch_alter_table('adjustment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('form', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('decided_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('decided_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_adjustment_decided_by_person'), 'person', ['decided_by'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_adjustment_decision'), "decision IN ('', 'accepted', 'declined')")
        batch_op.add_column(sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('edited_ts', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('fault', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))

    op.create_table('model_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('template', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('model', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('input_tokens', sa.Integer(), nullable=False),
    sa.Column('output_tokens', sa.Integer(), nullable=False),
    sa.Column('estimated', sa.Boolean(), nullable=False),
    sa.Column('latency_ms', sa.Integer(), nullable=False),
    sa.Column('outcome', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('dropped', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_model_call_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_call'))
    )
    with op.batch_alter_table('model_call', schema=None) as batch_op:
        batch_op.create_index('ix_model_call_day', ['team_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_model_call_team_id'), ['team_id'], unique=False)

    op.create_table('model_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', storage.columns.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['workspace.team_id'], name=op.f('fk_model_answer_team_id_workspace')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_answer')),
    sa.UniqueConstraint('team_id', 'key', name=op.f('uq_model_answer_team_id_key'))
    )
    with op.batch_alter_table('model_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_model_answer_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_model_answer_team_id'), ['team_id'], unique=False)

    with op.batch_alter_table('blocker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('next_action', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('next_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_blocker_owner_id'), ['owner_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_blocker_owner_id_person'), 'person', ['owner_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_blocker_kind'), KINDS)

    with op.batch_alter_table('checkin_ask', schema=None) as batch_op:
        batch_op.add_column(sa.Column('delegate_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('snoozed_until', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('started_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('last_call_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('last_called_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('escalated_at', storage.columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('partly', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f('ix_checkin_ask_delegate_id'), ['delegate_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_checkin_ask_delegate_id_person'), 'person', ['delegate_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_checkin_ask_state'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_checkin_ask_state'), STATES)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('own_timezone', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('quiet', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('away_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('away_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('away_by', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('delegate_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('admin', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_person_delegate_id_person'), 'person', ['delegate_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_person_away_by'), "away_by IN ('', 'command', 'status')")

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holidays', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('binding', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('private', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quiet', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('nudges_a_week', sa.Integer(), server_default='5', nullable=False))
        batch_op.add_column(sa.Column('model_off', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('language', sqlmodel.sql.sqltypes.AutoString(), server_default='en', nullable=False))
        batch_op.add_column(sa.Column('model_tokens_a_day', sa.Integer(), server_default='200000', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('dismissal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dismissal_team_id'))

    op.drop_table('dismissal')
    with op.batch_alter_table('handshake', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handshake_unit_id'))
        batch_op.drop_index(batch_op.f('ix_handshake_team_id'))
        batch_op.drop_index(batch_op.f('ix_handshake_blocker_id'))

    op.drop_table('handshake')
    with op.batch_alter_table('alignment_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alignment_record_team_id'))

    op.drop_table('alignment_record')
    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.drop_column('model_tokens_a_day')
        batch_op.drop_column('language')
        batch_op.drop_column('model_off')
        batch_op.drop_column('nudges_a_week')
        batch_op.drop_column('quiet')

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_column('private')
        batch_op.drop_column('binding')
        batch_op.drop_column('holidays')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_person_delegate_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_person_away_by'), type_='check')
        batch_op.drop_column('admin')
        batch_op.drop_column('delegate_id')
        batch_op.drop_column('away_by')
        batch_op.drop_column('away_until')
        batch_op.drop_column('away_from')
        batch_op.drop_column('quiet')
        batch_op.drop_column('own_timezone')

    with op.batch_alter_table('checkin_ask', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_checkin_ask_delegate_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_checkin_ask_state'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_checkin_ask_state'), BEFORE)
        batch_op.drop_index(batch_op.f('ix_checkin_ask_delegate_id'))
        batch_op.drop_column('partly')
        batch_op.drop_column('escalated_at')
        batch_op.drop_column('last_called_at')
        batch_op.drop_column('last_call_at')
        batch_op.drop_column('started_at')
        batch_op.drop_column('snoozed_until')
        batch_op.drop_column('reason')
        batch_op.drop_column('delegate_id')

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_column('fault')
        batch_op.drop_column('edited_ts')

    with op.batch_alter_table('adjustment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_adjustment_decision'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_adjustment_decided_by_person'), type_='foreignkey')
        batch_op.drop_column('decided_at')
        batch_op.drop_column('decided_by')
        batch_op.drop_column('note')
        batch_op.drop_column('decision')
        batch_op.drop_column('form')
        batch_op.drop_column('reason')

    with op.batch_alter_table('blocker', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_blocker_owner_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_blocker_kind'), type_='check')
        batch_op.drop_index(batch_op.f('ix_blocker_owner_id'))
        batch_op.drop_column('next_on')
        batch_op.drop_column('next_action')
        batch_op.drop_column('owner_id')
        batch_op.drop_column('kind')

    op.drop_table('model_answer')
    op.drop_table('model_call')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_team_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_key_result_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('nudge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_nudge_team_id'))
        batch_op.drop_index(batch_op.f('ix_nudge_person_id'))
        batch_op.drop_index(batch_op.f('ix_nudge_ask_id'))

    op.drop_table('nudge')
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_change_team_id'))

    op.drop_table('change')
