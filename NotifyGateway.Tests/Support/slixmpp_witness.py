"""An XMPP client that tells on stdout, a JSON object a line, what arrives.

slixmpp_witness.py JID PASSWORD HOST PORT AUTHORITY_FILE ROOM...
"""

import json
import sys

import slixmpp


def tell(**what):
    print(json.dumps(what), flush=True)


class Witness(slixmpp.ClientXMPP):
    def __init__(self, jid, password, authority, rooms):
        super().__init__(jid, password)
        self.ca_certs = authority
        self.rooms = rooms
        self.register_plugin("xep_0045")
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_message)
        for room in rooms:
            self.add_event_handler(f"muc::{room}::self-presence", self.on_joined)

    def on_start(self, _):
        self.send_presence()
        for room in self.rooms:
            self.plugin["xep_0045"].join_muc(room, self.boundjid.user, maxhistory="0")
        tell(event="online", jid=self.boundjid.full)

    def on_joined(self, presence):
        tell(event="joined", room=presence["from"].bare)

    def on_message(self, message):
        if message["body"]:
            tell(event="message", sender=message["from"].full, type=message["type"], id=message["id"], body=message["body"])


def main():
    jid, password, host, port, authority, *rooms = sys.argv[1:]
    witness = Witness(jid, password, authority, rooms)
    witness.connect((host, int(port)))
    witness.process(forever=True)


main()
