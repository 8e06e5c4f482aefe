using SQLitePCL;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The tables, and the way from each earlier version to this one. Steps are only ever added.</summary>
internal static class Schema
{
    /// <summary>Marks a file as an outbox ("NGob"): another program's database is not touched.</summary>
    private const int ApplicationId = 0x4E476F62;

    private static readonly string[] Steps =
    [
        """
        -- What was accepted together, packed (see SegmentWriter). Never changes. The ids say between which two ids all of its messages lie.
        CREATE TABLE segment (id INTEGER PRIMARY KEY, first_id BLOB, last_id BLOB, messages BLOB NOT NULL);
        CREATE INDEX segment_by_id ON segment (first_id, last_id) WHERE first_id IS NOT NULL;

        -- How its deliveries stand, packed (see DeliveryStates), and how many of them are queued.
        -- due: while some are, not later than the first of them expires; then when the last one was settled. Milliseconds since 1970.
        CREATE TABLE progress (segment INTEGER PRIMARY KEY, queued INTEGER NOT NULL, due INTEGER NOT NULL, states BLOB NOT NULL);
        CREATE INDEX progress_expiring ON progress (due) WHERE queued > 0;
        CREATE INDEX progress_settled ON progress (due) WHERE queued = 0;

        -- Which segments have something queued for a lane, how much, and when the first of it was accepted.
        CREATE TABLE queue (session TEXT NOT NULL, lane TEXT NOT NULL, segment INTEGER NOT NULL, count INTEGER NOT NULL, accepted INTEGER NOT NULL,
            PRIMARY KEY (session, lane, segment)) WITHOUT ROWID;

        -- Why a lane (or, without a lane, a session) waits.
        CREATE TABLE reason (session TEXT NOT NULL, lane TEXT, text TEXT NOT NULL);
        CREATE INDEX reason_by_lane ON reason (session, lane);

        -- Requests that may be repeated.
        CREATE TABLE guard (key TEXT PRIMARY KEY, fingerprint BLOB NOT NULL, message BLOB NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX guard_by_until ON guard (until);
        """,

        // Segments may be of format 2, which an earlier program does not read.
        "",

        """
        -- What somebody has to be told: deliveries that failed (2), expired (3) or wait for long (0), counted by destination and reason; the last message of them.
        CREATE TABLE concern (session TEXT NOT NULL, lane TEXT NOT NULL, name TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
            count INTEGER NOT NULL, message BLOB NOT NULL, line TEXT NOT NULL, UNIQUE (session, lane, status, reason));

        -- One row: the last segment that was looked at for what waits for long.
        CREATE TABLE mark (segment INTEGER NOT NULL);
        INSERT INTO mark VALUES (0);
        """,
    ];

    public static int Current => Steps.Length;

    /// <exception cref="OutboxOpenException">The file is newer than this program, or another program's.</exception>
    public static void Migrate(Database database, string path)
    {
        var version = database.Scalar("PRAGMA user_version");
        var application = database.Scalar("PRAGMA application_id");
        var isEmpty = database.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !isEmpty)
        {
            throw new OutboxOpenException(path, "it is a database of another program.");
        }

        if (version > Current)
        {
            throw new OutboxOpenException(path, $"it was written by a newer version of this program (format {version}; this one knows {Current}).");
        }

        for (var step = (int)version; step < Current; step++)
        {
            database.Execute($"BEGIN IMMEDIATE; {Steps[step]} PRAGMA user_version = {step + 1}; PRAGMA application_id = {ApplicationId}; COMMIT;");
        }
    }
}
