"""What recorders send: the assumptions that capacity, cost and scale are calculated from."""

# A page in use for a minute, as it is measured: docs/recorder.md. It is a recording of its own.
# Of a signed-in user, through the stream:
MINUTE_REQUESTS = 6
MINUTE_KB = 162
MINUTE_PREFLIGHTS, MINUTE_CREATES = 2, 1
BATCHES_A_MINUTE = MINUTE_REQUESTS - MINUTE_PREFLIGHTS - MINUTE_CREATES
BATCH_BYTES = MINUTE_KB * 1_000 // BATCHES_A_MINUTE
# Bytes around the base64 of a batch: components/store/templates/put_record.vtl.
ENVELOPE_BYTES = 250
RECORD_BYTES = 4 * -(-BATCH_BYTES // 3) + ENVELOPE_BYTES

# The same minute of a site's visitor, straight to S3 and without preflights.
SITE_MINUTE_REQUESTS = 4
SITE_MINUTE_KB = 142
SITE_MINUTE_FACTS = 1
SITE_BATCHES_A_MINUTE = SITE_MINUTE_REQUESTS - MINUTE_CREATES - SITE_MINUTE_FACTS
SITE_BATCH_BYTES = SITE_MINUTE_KB * 1_000 // SITE_BATCHES_A_MINUTE

# A visit has many of these minutes, but is created once, and tells its facts once, as it ends. Each
# page sends at most one batch more, as it is left.
VISIT_MINUTES = 5
VISIT_PAGES = 3
VISIT_BATCHES = SITE_BATCHES_A_MINUTE * VISIT_MINUTES + VISIT_PAGES
# The recorder with rrweb, gzipped. Each visit loads it, as if no browser had it in its cache.
SCRIPT_KB = 58

# Request units of one write: an item of under 1 KB, and its copy in each global index that has it.
# The copy of those in which something went wrong is not counted: they are few.
WRITES_A_RECORDING = 2
SITE_WRITES = 3
# An item with its facts.
ITEM_BYTES = 1_000
# Of 100 recordings.
TROUBLED = 5
RECORDINGS_A_VISITOR = 4
