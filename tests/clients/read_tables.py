"""Counts the rows of our tables with other readers of Delta Lake: delta-rs, DuckDB and Polars.

usage: read_tables.py TABLES_FOLDER TABLE SUM_COLUMN
prints one line a reader: name, rows, sum of the column
"""

import sys

import duckdb
import polars
from deltalake import DeltaTable, QueryBuilder

folder, table, column = sys.argv[1:]
path = f"{folder}/{table}"

query = QueryBuilder().register("t", DeltaTable(path))
answer = polars.from_arrow(query.execute(f"SELECT count(*) AS n, sum({column}) AS total FROM t").read_all())[0]
print("delta-rs", answer["n"], answer["total"])

frame = polars.scan_delta(path).select(polars.len().alias("n"), polars.col(column).sum()).collect()
print("polars", frame["n"][0], frame[column][0])

# DuckDB's own Delta reader is an extension that it downloads; the files that the log names it reads as they are.
files = DeltaTable(path).file_uris()
n, total = duckdb.execute(f"SELECT count(*), sum({column}) FROM read_parquet({files!r})").fetchone()
print("duckdb", n, int(total))
