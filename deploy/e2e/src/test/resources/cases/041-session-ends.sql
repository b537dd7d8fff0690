SELECT 'before'

SELECT pg_cancel_backend(pg_backend_pid())

SELECT 'after the cancel'

SET statement_timeout = '50ms'

SELECT pg_sleep(10)

SET statement_timeout = 0

SELECT 'after the timeout'

SET idle_in_transaction_session_timeout = 0

SELECT pg_terminate_backend(pg_backend_pid())
