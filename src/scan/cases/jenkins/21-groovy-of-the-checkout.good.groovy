// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        def settings = readYaml text: readTrusted('ci/settings.yml')
        stage('Check') {
            withEnv(["TARGET=${settings.target}"]) {
                sh 'make check'
            }
        }
    }
}
