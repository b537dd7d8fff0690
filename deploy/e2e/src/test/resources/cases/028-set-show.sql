SHOW search_path

SET search_path = public, pg_catalog

SHOW search_path

SET LOCAL work_mem = '8MB'

BEGIN

SET LOCAL work_mem = '8MB'

SHOW work_mem

COMMIT

SHOW work_mem

SET application_name = 'renamed ☃'

SELECT set_config('application_name', 'by a function', false), current_setting('application_name')

SET no.such_thing = 'custom'

SHOW no.such_thing

SET nonsense = 1

SHOW nonsense

SET work_mem = 'much'

SET ROLE nobody_known

SET SESSION AUTHORIZATION DEFAULT

RESET ALL

SHOW application_name

SET extra_float_digits = 0

SELECT 0.1::float8 + 0.2::float8

SHOW server_version_num
