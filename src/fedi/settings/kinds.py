"""The kinds of value that settings have, beside Python's own."""

import ipaddress
from typing import Literal

Environment = Literal["development", "production"]
Shown = Literal["all", "users", "disabled"]
Registrations = Literal["open", "approval", "closed"]
MailDelivery = Literal["smtp", "log"]
StartTls = Literal["auto", "always", "never"]
MailAuth = Literal["plain", "login", "cram_md5", "none"]
VerifyMode = Literal["peer", "none"]
DeepLPlan = Literal["free", "pro"]
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
