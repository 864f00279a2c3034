using System.ComponentModel;
using System.Globalization;

namespace ActorSock.Settings;

/// <summary>Lets configuration bind endpoints from text.</summary>
internal sealed class EndpointConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        Endpoint.Parse((string)value);
}
