using System.Text.Json;

namespace ActorSock.Wire.Native;

public sealed partial record NativeReply
{
    /// <summary>The reply as it goes over the wire, its length in front. What is null is not said.</summary>
    /// <exception cref="ArgumentException">It is longer than a header can be, or a text holds half a surrogate
    /// pair.</exception>
    public byte[] Encode() => FrameWriter.Frame(this, static (json, reply) => reply.Write(json));

    private void Write(Utf8JsonWriter json)
    {
        json.Field(NativeKeys.Id, Id);
        json.Field(NativeKeys.Status, Status);
        json.Field(NativeKeys.Error, Error);
        json.Field(NativeKeys.Message, Message);
        if (Closes) json.WriteBoolean(NativeKeys.Closes.Encoded, true);
        if (Ack is { } ack) json.Field(NativeKeys.Ack, Words.Ack[ack]);
        json.Field(NativeKeys.Name, Name);
        json.Field(NativeKeys.Size, Size);
        json.Field(NativeKeys.Modified, Modified);
        json.Field(Md5);
        json.Field(Sha256);
        Write(json, Receipt);
        json.Field(NativeKeys.Upload, Upload);
        json.Field(NativeKeys.Offset, Offset);
        json.Field(NativeKeys.Parts, Parts);
        json.Field(NativeKeys.Entries, Entries);
        if (More is { } more) json.WriteBoolean(NativeKeys.More.Encoded, more);
        WriteHello(json);
        json.Field(Body);
    }

    private static void Write(Utf8JsonWriter json, Receipt? receipt)
    {
        if (receipt is null) return;
        json.WriteStartObject(NativeKeys.Receipt.Encoded);
        json.Field(NativeKeys.Sequence, receipt.Sequence);
        json.Field(NativeKeys.Hash, receipt.Hash);
        json.WriteEndObject();
    }

    private void WriteHello(Utf8JsonWriter json)
    {
        json.Field(NativeKeys.Version, Version);
        if (Versions is not null)
        {
            json.WriteStartArray(NativeKeys.Versions.Encoded);
            foreach (var version in Versions) json.WriteNumberValue(version);
            json.WriteEndArray();
        }
        json.Field(NativeKeys.Agent, Agent);
        json.Field(NativeKeys.Node, Node);
        json.Field(NativeKeys.Client, Client);
        if (Capabilities is not null)
        {
            json.WriteStartArray(NativeKeys.Capabilities.Encoded);
            foreach (var capability in Capabilities) json.WriteStringValue(capability);
            json.WriteEndArray();
        }
        if (Limits is null) return;
        json.WriteStartObject(NativeKeys.Limits.Encoded);
        Limits.Write(json);
        json.WriteEndObject();
    }
}
