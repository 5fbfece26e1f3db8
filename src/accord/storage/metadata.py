"""What all tables of a project belong to."""

import sqlalchemy as sa

metadata = sa.MetaData()
