"""An SMTP server (aiosmtpd) for the tests of e-mail: STARTTLS or TLS, AUTH, one file for each message.

smtp.py MODE CERTIFICATE KEY FOLDER, where MODE is starttls, tls, plain or slow. FOLDER/port says where it listens.
"""
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, certificate, key, folder = sys.argv[1:]


class Folder:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.3.0 try again later"
        if mode == "slow":
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        Folder.count += 1
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or mode == "tls",
            "hello": session.host_name,
            "user": session.auth_data,
        }
        path = os.path.join(folder, f"{Folder.count:03}")
        with open(path + ".eml", "wb") as file:
            file.write(envelope.original_content)
        with open(path + ".part", "w") as file:
            json.dump(about, file)
        os.rename(path + ".part", path + ".json")
        return f"250 2.0.0 queued as {Folder.count}"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"kansoku" and data.password == b"zq9secret-password"
    return AuthResult(success=right, handled=False, auth_data=data.login.decode(errors="replace"))


def make():
    context = None
    if mode != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    starttls = mode in ("starttls", "slow")
    return SMTP(
        Folder(),
        hostname="localhost",
        authenticator=authenticate,
        auth_required=mode != "plain",
        # Within TLS from the first byte the server does not know that it is private.
        auth_require_tls=starttls,
        require_starttls=starttls,
        tls_context=context if starttls else None,
        enable_SMTPUTF8=True,
    )


async def main():
    wrapper = None
    if mode == "tls":
        wrapper = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        wrapper.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=wrapper)
    path = os.path.join(folder, "port")
    with open(path + ".part", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(path + ".part", path)
    await server.serve_forever()


asyncio.run(main())
