"""The makes of website software that the city's sites imitate: how each builds its addresses."""

from __future__ import annotations

from demo.makes.aspnet import AspNet
from demo.makes.gbk_table import GbkTable
from demo.makes.hanweb import Hanweb
from demo.makes.make import Make
from demo.makes.scripted import Scripted
from demo.makes.trs import Trs
from demo.makes.visualsite import VisualSite

MAKES: dict[str, Make] = {make.name: make for make in (Trs(), Hanweb(), GbkTable(), VisualSite(), AspNet(), Scripted())}

__all__ = ["MAKES", "Make"]
