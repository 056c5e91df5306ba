#!/bin/sh
# Finds or installs a Chromium, a CJK font and the library that Playwright's driver needs. Never fails: without a browser
# the product says 未能判定 where it needs one.
set -u
have() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
driven() { .venv/bin/python -m playwright --version >/dev/null 2>&1; }
have && driven && exit 0
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }
if command -v apt-get >/dev/null 2>&1; then
    echo "正在安装 Chromium 与中文字体…"
    as_root apt-get update -qq >/dev/null 2>&1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk libatomic1 >/dev/null 2>&1
fi
driven || { echo "未能运行浏览器的驱动：请安装 libatomic1 后重试。在此之前，只由脚本生成的页面将记为“未能判定”。" >&2; exit 0; }
have && exit 0
.venv/bin/playwright install chromium >/dev/null 2>&1 && exit 0
echo "未能安装浏览器：只由脚本生成的页面将记为“未能判定”，需要浏览器的测试将跳过。请以管理员身份安装 chromium 和 fonts-noto-cjk。" >&2
exit 0
