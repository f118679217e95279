// Flutter reads this; nobody runs it here.
import 'package:flet/flet.dart';
{% for name in cookiecutter.flutter.dependencies -%}
import 'package:{{ name }}/{{ name }}.dart' as {{ name }};
{% endfor %}
const module = "{{ cookiecutter.python_module_name }}";
const bootScreen = "{{ cookiecutter.boot_screen.name }}";
const bootScreenOptions = "{{ cookiecutter.boot_screen.options_b64 }}";
