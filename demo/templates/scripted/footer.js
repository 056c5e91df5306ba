document.getElementById('footer').innerHTML = {{ footer|tojson }};
