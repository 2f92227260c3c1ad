"""What changed of a plan is marked for each objective: so far one mark stood for all of it."""

from alembic import op
from storage.migrations import marks

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    marks.drop(op.get_bind())
    marks.create(op.get_bind())


def downgrade() -> None:
    """Nothing: what marks more finely is understood by what reads less of it."""
