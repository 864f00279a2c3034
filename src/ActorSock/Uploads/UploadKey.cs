namespace ActorSock.Uploads;

/// <summary>Names an upload that can be gone on with. Two clients that use the same word have two uploads.</summary>
/// <param name="Client">the name under which the client has proved that it has a key; empty where nobody asked</param>
/// <param name="Upload">the word that the client has chosen</param>
internal readonly record struct UploadKey(string Client, string Upload)
{
    /// <summary>The client as it is told of; null where nobody asked for its name.</summary>
    public string? ClientIfAny => Client.Length > 0 ? Client : null;

    public override string ToString() => Client.Length > 0 ? $"{Client}/{Upload}" : Upload;
}
