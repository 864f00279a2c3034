namespace ActorSock.Files;

/// <summary>What travels with a file that is stored, where the file system can keep it: its digests.</summary>
/// <param name="Modified">
/// The time that the file gets: of a file that somebody changed later it is another one, which is how that is noticed.
/// </param>
/// <param name="Digests">Those of its content; when none is known, nothing travels with it, and the time is the system's.</param>
internal readonly record struct FileStamp(DateTimeOffset Modified, FileDigests Digests);
