"""`python -m demo [PORT] [FOLDER]`: serves the fictional city until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from demo.account_files import LOGINS
from demo.city import City


async def serve(port: int, folder: Path) -> None:
    """Serves and says where everything is."""
    city = City(folder, port)
    await city.start()
    lines = ["演示城市“砚江市”已在本机启动（全部内容均为虚构）："]
    for site in city.sites:
        led = f"　（域名只由台账指向 {site.place}）" if site.ways else ""
        lines.append(f"  {site.name}　{site.home_url}{led}" + ("　（服务器拒绝连接）" if site.down else ""))
    lines.append("账号数据来源的演示凭据：" + " ".join(f"{name}='{value}'" for name, value in LOGINS.items()))
    lines += [f"台账：{city.registry_path}", f"已知问题清单：{city.truth_path}", "按 Ctrl-C 结束。"]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await city.stop()


def main() -> None:
    """The command line: a port (8100) and a folder for registry and truth (`./demo-city`)."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="启动演示城市，直到按 Ctrl-C 结束。")
    parser.add_argument("port", type=int, nargs="?", default=8100, help="端口，默认 8100；下一个端口用于 https")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("demo-city"), help="写台账和已知问题清单的文件夹")
    asked = parser.parse_args()
    try:
        asyncio.run(serve(asked.port, asked.folder))
    except KeyboardInterrupt:
        sys.stdout.write("已结束。\n")


if __name__ == "__main__":
    main()
