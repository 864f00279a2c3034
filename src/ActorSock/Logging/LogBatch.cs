namespace ActorSock.Logging;

/// <summary>What one look at a log has found.</summary>
/// <param name="Lines">the lines, in the order in which they were written</param>
/// <param name="IsAtEnd">whether that was all that there is now</param>
public sealed record LogBatch(IReadOnlyList<LogLine> Lines, bool IsAtEnd);
