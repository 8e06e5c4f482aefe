daemonize = false
pidfile = "/tmp/prosody.pid"
log = { info = "*console" }
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "ping"; "posix"; "smacks" }
modules_disabled = { "s2s" }
c2s_require_encryption = true
authentication = "internal_hashed"
ssl = { certificate = "/run/secrets/xmpp.crt"; key = "/run/secrets/xmpp.key" }
VirtualHost "house.example"
Component "conference.house.example" "muc"
