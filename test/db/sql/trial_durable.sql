-- trial_durable: how a session of the write lane commits.
-- lane: write
-- > settings text
SELECT concat_ws('|', current_setting('synchronous_commit'), current_setting('transaction_isolation'),
                 current_setting('transaction_read_only')) AS settings;
