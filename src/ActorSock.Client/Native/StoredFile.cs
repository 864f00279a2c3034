using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>A file that the node has stored: verified, and durable under its name.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Md5">What the node computed; null for a file that was sent in parts, until somebody asks for it.</param>
/// <param name="Receipt">The line of the node's journal; null when the answer was lost and the node does not remember it.</param>
public sealed record StoredFile(string Name, long SizeBytes, Md5Digest? Md5, Receipt? Receipt);

/// <summary>A file that the node has.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Modified">When it was written, in UTC.</param>
/// <param name="Md5">Its digest; null when the node does not know it without reading.</param>
public sealed record RemoteFile(string Name, long SizeBytes, DateTimeOffset Modified, Md5Digest? Md5);

/// <summary>A file that has another name now.</summary>
/// <param name="Name">The name.</param>
/// <param name="Receipt">The line of the node's journal; null when the answer was lost.</param>
public sealed record RenamedFile(string Name, Receipt? Receipt);
