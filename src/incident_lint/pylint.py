"""For pylint: `load-plugins = incident_lint.pylint`."""

from .hosts.pylint import register as register
