LISTEN channel

NOTIFY channel, 'hello ☃'

NOTIFY channel

SELECT pg_notify('channel', 'from a function')

BEGIN

NOTIFY channel, 'twice'

NOTIFY channel, 'twice'

NOTIFY channel, 'once'

SELECT 'not yet'

COMMIT

SELECT pg_listening_channels()

UNLISTEN *

NOTIFY channel, 'not heard'

SELECT 1
