"""The command line as a user has it."""

from tests.integration.inspecting.conftest import xuncha

__all__ = ["xuncha"]
