"""A real SMTP server for mail.test.ts: prints its port, then each mail as one line of JSON, read by
Python's own parser. It refuses addresses that begin with "nobody"."""
import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [
            {"type": part.get_content_type(), "charset": part.get_content_charset(),
             "text": part.get_content() if part.get_content_maintype() == "text" else None}
            for part in message.walk() if not part.is_multipart()
        ]
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos,
                          "header_from": str(message["From"]), "subject": str(message["Subject"]),
                          "defects": [str(d) for d in message.defects], "parts": parts}),
              flush=True)
        return "250 taken"


controller = Controller(Sink(), hostname="127.0.0.1", port=0)


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(controller.factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until the test closes it


controller.loop = asyncio.new_event_loop()
controller.loop.run_until_complete(serve())
