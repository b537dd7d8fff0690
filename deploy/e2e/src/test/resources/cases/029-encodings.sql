SHOW client_encoding

SET client_encoding = 'UTF8'

SELECT 'ä€'

SET client_encoding = 'LATIN1'

SELECT chr(228), 'plain'

SELECT chr(8364)

SET NAMES 'UTF8'

SELECT chr(8364)

SET client_encoding = 'nonsense'

SET standard_conforming_strings = on

SELECT 'a\b', E'a\\b'
