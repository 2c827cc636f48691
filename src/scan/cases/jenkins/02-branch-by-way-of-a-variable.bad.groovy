// finds: pasted-injection
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        def branch = env.CHANGE_BRANCH ?: 'main'
        def target = "build/" + branch.trim()
        stage('Build') {
            sh(script: "mkdir -p ${target} && make OUT=${target}", label: 'build')
        }
    }
}
