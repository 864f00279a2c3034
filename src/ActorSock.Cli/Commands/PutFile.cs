namespace ActorSock.Cli.Commands;

/// <summary>Names one file that is sent.</summary>
/// <param name="Path">Where it is here.</param>
/// <param name="Name">Its name on the server.</param>
internal sealed record PutFile(string Path, string Name);
