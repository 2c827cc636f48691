// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        def branch = env.CHANGE_BRANCH ?: 'main'
        def target = "build/" + branch.replaceAll(/[^A-Za-z0-9._-]/, '_')
        stage('Build') {
            sh(script: "mkdir -p ${target} && make OUT=${target}", label: 'build')
        }
    }
}
