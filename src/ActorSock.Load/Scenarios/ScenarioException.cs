namespace ActorSock.Load.Scenarios;

/// <summary>A scenario cannot be run as it is written; nothing was done. The message says what is wrong and what is allowed.</summary>
internal sealed class ScenarioException(string message, Exception? cause = null) : Exception(message, cause);
