android {
    namespace = "{{ cookiecutter.bundle_id | replace('-', '_') }}"
    {%- if cookiecutter.options.android_signing %}
    signingConfigs { create("release") { keyAlias = System.getenv("FLET_ANDROID_SIGNING_KEY_ALIAS") } }
    {%- endif %}
    packaging { jniLibs { useLegacyPackaging = {{ cookiecutter.options.android_legacy_packaging | string | lower }} } }
    splits { abi { exclude({{ cookiecutter.options.android_excluded_abis | join(", ") }}) } }
}
