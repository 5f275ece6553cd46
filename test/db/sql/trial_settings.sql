-- trial_settings: what a session of the read lane was opened with.
-- lane: read
-- > settings text
SELECT concat_ws('|', current_setting('search_path'), current_setting('statement_timeout'),
                 current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
                 current_setting('transaction_read_only'), current_setting('TimeZone')) AS settings;
