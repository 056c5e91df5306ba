#!/bin/sh
# The program as its units run it: their user, settings and secrets. Installed as /usr/local/bin/xuncha.
set -a
XUNCHA_CONFIG=/etc/xuncha/xuncha.toml HOME=/var/lib/xuncha
[ ! -r /etc/xuncha/secrets.env ] || . /etc/xuncha/secrets.env
exec runuser -u xuncha -- /opt/xuncha/.venv/bin/xuncha "$@"
