namespace ActorSock.Client;

/// <summary>A server that was offered a key sent no challenge.</summary>
/// <param name="message">What it did instead.</param>
public sealed class KeyRefusedException(string message) : IOException(message);
