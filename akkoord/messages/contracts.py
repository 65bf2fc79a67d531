"""Whose the mail servers are: another company gets no address without a contract (INV-42)."""

from akkoord.register.mail_servers import Whose as Whose
from akkoord.register.mail_servers import contract_sentence as contract_sentence
from akkoord.register.mail_servers import host_of as host_of
from akkoord.register.mail_servers import processor_key as processor_key
from akkoord.register.mail_servers import servers_of_whom as servers_of_whom
from akkoord.register.mail_servers import without_contract as without_contract
