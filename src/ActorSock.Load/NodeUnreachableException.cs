namespace ActorSock.Load;

/// <summary>No connection to the node could be opened; nothing was done.</summary>
internal sealed class NodeUnreachableException(string message, Exception cause) : Exception(message, cause);
